package api

func (a *API) collectionRoutes() []route { return nil }
