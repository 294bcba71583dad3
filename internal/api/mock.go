package api

func (a *API) mockRoutes() []route { return nil }
