module github.com/mimus-dev/mimus

go 1.26
