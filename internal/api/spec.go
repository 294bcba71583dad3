package api

func (a *API) specRoutes() []route { return nil }
