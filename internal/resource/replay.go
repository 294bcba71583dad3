package resource

type replays struct{}
