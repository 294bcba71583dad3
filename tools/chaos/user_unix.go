//go:build unix

package main

import (
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// unprivileged is who the database runs as: the user postgres, else nobody,
// where we are root; else ourselves. A process group of its own keeps a ^C in
// the terminal from it.
func unprivileged() (attr *syscall.SysProcAttr, uid, gid int, err error) {
	attr = ownGroup()
	if os.Geteuid() != 0 {
		return attr, os.Getuid(), os.Getgid(), nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, 0, 0, fmt.Errorf("root can't run PostgreSQL, and there is no user postgres or nobody: %w; run this as another user", err)
	}
	if uid, err = strconv.Atoi(u.Uid); err != nil {
		return nil, 0, 0, err
	}
	if gid, err = strconv.Atoi(u.Gid); err != nil {
		return nil, 0, 0, err
	}
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attr, uid, gid, nil
}

// ownGroup starts a process in a group of its own.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
