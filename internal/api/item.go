package api

func (a *API) itemRoutes() []route { return nil }
