package api

func (a *API) workspaceRoutes() []route { return nil }
