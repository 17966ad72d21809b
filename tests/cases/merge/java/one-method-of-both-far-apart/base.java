class Price {
  double net(double price) {
    return price / 1.19;
  }

  double gross(double price) {
    return price * 1.19;
  }
}
