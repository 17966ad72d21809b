package price

// Net returns the price without tax.
func Net(price float64) float64 {
	return price / 1.19
}

// Gross returns the price with tax.
func Gross(price float64) float64 {
	return price * 1.19
}

// Half returns half of a price.
func Half(price float64) float64 {
	return price / 2
}

func checked(price float64) float64 {
	if price < 0 {
		panic("negative")
	}
	return price
}
