package api

func (a *API) serverRoutes() []route { return nil }
