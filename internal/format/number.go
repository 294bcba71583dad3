package format

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// CheckNumber reports whether a JSON number literal is of the format: a whole
// number in its range (1.0 and 1e2 are whole), or one that the type can hold.
// It is true for names that are not known, and false for what is no number.
func CheckNumber(name string, literal string) (ok bool) {
	switch name {
	case "int8":
		return isInteger(literal, math.MaxInt8+1, math.MaxInt8)
	case "int16":
		return isInteger(literal, math.MaxInt16+1, math.MaxInt16)
	case "int32":
		return isInteger(literal, math.MaxInt32+1, math.MaxInt32)
	case "int64", "unixtime", "unix-time":
		return isInteger(literal, math.MaxInt64+1, math.MaxInt64)
	case "uint8":
		return isInteger(literal, 0, math.MaxUint8)
	case "uint16":
		return isInteger(literal, 0, math.MaxUint16)
	case "uint32":
		return isInteger(literal, 0, math.MaxUint32)
	case "uint64":
		return isInteger(literal, 0, math.MaxUint64)
	case "double-int": // what a double holds exactly
		return isInteger(literal, 1<<53-1, 1<<53-1)
	case "sf-integer": // RFC 9651, 3.3.1
		return isInteger(literal, 999_999_999_999_999, 999_999_999_999_999)
	case "float":
		return isFloat(literal, 32)
	case "double":
		return isFloat(literal, 64)
	case "decimal", "decimal128", "sf-decimal":
		_, _, _, ok := decompose(literal)
		return ok
	}
	return true
}

func isFloat(literal string, size int) bool {
	if _, _, _, ok := decompose(literal); !ok {
		return false
	}
	_, err := strconv.ParseFloat(literal, size)
	return err == nil
}

// isInteger reports whether a literal is whole and from -lowest to highest.
func isInteger(literal string, lowest, highest uint64) bool {
	negative, digits, exponent, ok := decompose(literal)
	if !ok || exponent < 0 || len(digits)+exponent > len("18446744073709551615") {
		return false
	}
	if digits == "" {
		return true
	}
	n, err := strconv.ParseUint(digits+strings.Repeat("0", exponent), 10, 64)
	if err != nil {
		return false
	}
	if negative {
		return n <= lowest
	}
	return n <= highest
}

const maxExponent = 1 << 20

// decompose reads an RFC 8259, 6 number as digits times ten to the exponent,
// the digits without zeros at either end; zero has none.
func decompose(literal string) (negative bool, digits string, exponent int, ok bool) {
	s, negative := strings.CutPrefix(literal, "-")
	end, ok := plainNumber(s)
	if !ok {
		return false, "", 0, false
	}
	digits, s = s[:end], s[end:]
	if strings.HasPrefix(s, ".") {
		if end = digitsFrom(s, 1); end == 1 {
			return false, "", 0, false
		}
		digits, exponent, s = digits+s[1:end], -(end - 1), s[end:]
	}
	if s != "" {
		power, ok := readExponent(s)
		if !ok {
			return false, "", 0, false
		}
		exponent += power
	}
	digits = strings.TrimLeft(digits, "0")
	trimmed := strings.TrimRight(digits, "0")
	if trimmed == "" {
		return negative, "", 0, true
	}
	return negative, trimmed, exponent + len(digits) - len(trimmed), true
}

func readExponent(s string) (power int, ok bool) {
	if s[0]|0x20 != 'e' {
		return 0, false
	}
	s = s[1:]
	negative := strings.HasPrefix(s, "-")
	if negative || strings.HasPrefix(s, "+") {
		s = s[1:]
	}
	if s == "" || !all(s, isDigit) {
		return 0, false
	}
	for _, c := range s {
		power = min(power*10+int(c-'0'), maxExponent)
	}
	if negative {
		power = -power
	}
	return power, true
}

// makeInteger makes a whole number that is in the range of all the formats.
func makeInteger(s source) string { return fmt.Sprint(s.between(1, 100)) }

func makeDecimal(s source) string { return fmt.Sprintf("%d.%d", s.below(100), s.between(1, 9)) }
