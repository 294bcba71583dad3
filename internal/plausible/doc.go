// Package plausible tells what a property means from its name and gives a
// plausible value for it.
//
// [Of] reads a property's name, parent, description and format once, when a
// document is compiled, and answers a [Meaning]. A [Subject] then gives values
// for meanings: it is what one object is about (a person, a place, a company, a
// product, an order, a stretch of time), so that values of one subject fit
// together.
//
// Every value is a pure function of the subject's seed, the meaning and the
// salt: integer arithmetic only, no clock, no map order. Times count from
// [Epoch].
package plausible
