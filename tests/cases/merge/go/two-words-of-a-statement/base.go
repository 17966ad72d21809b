package shop

import (
	"fmt"
	"os"
)

// Limit is how many fit.
const Limit = 10

// Box holds things.
type Box struct {
	Width int
}

// Area returns a size.
func Area(width, height int) int {
	size := width * height
	return size
}

// Grow makes it twice as wide.
func (b *Box) Grow() {
	b.Width *= 2
}

// Show tells people.
func Show(b *Box) {
	fmt.Fprintln(os.Stdout, b.Width, Limit)
}
