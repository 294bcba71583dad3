//go:build !unix

package main

import (
	"errors"
	"syscall"
)

func unprivileged() (attr *syscall.SysProcAttr, uid, gid int, err error) {
	return nil, 0, 0, errors.New("the kill test needs a Unix: run it on Linux or macOS")
}

func ownGroup() *syscall.SysProcAttr { return nil }
