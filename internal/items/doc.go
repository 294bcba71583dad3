// Package items edits a stored collection item by item, in the shapes of
// Postman's API.
//
// A collection is the tree of a Collection v2.1.0 document. What an edit isn't
// about, scripts, unknown members and their order included, stays as it is.
// The API shows folders, requests and saved responses one by one in a flat
// model of its own, an heir of format 1.0.0; here they are made of the tree, and
// the tree of them. A property that is given just as the flat model shows it
// changes nothing, so what was read can be written back without a loss.
//
// Items are named by their id or by their uid, which is "<owner>-<id>".
// Nothing here is safe for use by two goroutines of which one edits.
package items
