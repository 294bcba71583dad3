package api

func (a *API) importRoutes() []route { return nil }
