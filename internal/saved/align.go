package saved

// Align pairs the segments that a path should have with those that it has, in
// their order and at the least cost: it gives, for each of the n wanted ones,
// the number of the one of m that it has, -1 for none. pair is what it costs to
// take the j-th for the i-th, lack what it costs that the i-th has none, spare
// what it costs to leave the j-th out.
func Align(n, m int, pair func(i, j int) int, lack, spare func(int) int) (at []int, cost int) {
	best := make([][]int, n+1) // of the wanted from i on, with the had from j on
	for i := n; i >= 0; i-- {
		best[i] = make([]int, m+1)
		for j := m; j >= 0; j-- {
			switch {
			case i == n && j == m:
			case i == n:
				best[i][j] = spare(j) + best[i][j+1]
			case j == m:
				best[i][j] = lack(i) + best[i+1][j]
			default:
				best[i][j] = min(pair(i, j)+best[i+1][j+1], lack(i)+best[i+1][j], spare(j)+best[i][j+1])
			}
		}
	}
	at = make([]int, n)
	for i, j := 0, 0; i < n; {
		switch {
		case j < m && best[i][j] == pair(i, j)+best[i+1][j+1]:
			at[i] = j
			i, j = i+1, j+1
		case j < m && best[i][j] == spare(j)+best[i][j+1]:
			j++
		default:
			at[i] = -1
			i++
		}
	}
	return at, best[0][0]
}

// Likeness is what it costs to take one literal segment for another: 0 where
// they are equal, up to 12.
func Likeness(want, have string) int {
	switch {
	case want == have:
		return 0
	case len(want)+len(have) > maxAligned:
		return 12
	}
	return 2 + min(10, 12*newEditor(want).distance(have)/max(len(want), len(have), 1))
}

// maxAligned bounds the segments that are compared character by character.
const maxAligned = 200
