package api

func (a *API) commentRoutes() []route { return nil }
