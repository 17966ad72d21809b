package price

func init() {
	register("net")
}

// Net returns the price without tax.
func Net(price float64) float64 {
	return price / 1.19
}
