package mill

func Fill(n int) int {
	return n
}

func Grind(n int) int {
	return n * 3
}
