package mill

func Fill(n int) int {
	return n + 1
}

func Grind(n int) int {
	return n * 2
}
