package mill

func Grind(n int) int {
	return n * 3
}
