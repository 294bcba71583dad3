// Package document turns bytes into a tree that keeps order and positions,
// follows references across files, and collects diagnostics.
//
// A [Loader] reads JSON and YAML from files, URLs, standard input or memory
// and gives each as a [File] whose Root is a [definition.Value]. Everything it
// reads is taken for hostile: size, depth, alias expansion and time have
// [Limits], references stay inside of a root folder and, unless told
// otherwise, off the network. It knows nothing of what the documents mean.
package document
