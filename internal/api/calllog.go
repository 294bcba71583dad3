package api

func (a *API) callRoutes() []route { return nil }
