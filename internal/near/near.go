// Package near tells how far apart short texts are.
package near

// few is the length of texts that are compared without allocating, in bytes.
const few = 64

// Distance is Levenshtein's, in bytes.
func Distance(a, b string) int {
	var small [few + 1]int
	row := small[:]
	if len(b) > few {
		row = make([]int, len(b)+1)
	}
	for j := range len(b) + 1 {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := last
			if a[i] != b[j] {
				cost++
			}
			last = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
