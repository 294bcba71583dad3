package api

func (a *API) contextRoutes() []route { return nil }
