package api

func (a *API) notOffered() []route { return nil }
