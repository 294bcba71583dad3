package api

func (a *API) keyRoutes() []route { return nil }
