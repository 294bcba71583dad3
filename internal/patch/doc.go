// Package patch changes JSON values by documents that tell what to change:
// JSON Merge Patch (RFC 7396) and JSON Patch (RFC 6902). What it is given
// stays as it is; members keep their place, and new ones go last.
package patch
