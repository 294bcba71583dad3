package api

func (a *API) environmentRoutes() []route { return nil }
