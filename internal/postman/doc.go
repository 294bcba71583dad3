// Package postman reads and writes Postman's collections and environments in
// every format that Postman has had: 1.0.0, 2.0.0 and 2.1.0, which are files of
// JSON, and 3.0.0, which is a folder of files of YAML. Its model keeps what
// those formats define and what they don't; what answering needs of it becomes
// a definition.
package postman
