class Price {
  double half(double price) {
    return price / 2;
  }

  double net(double price) {
    return price / 1.19;
  }

  double gross(double price) {
    return price * 1.19;
  }

  int half(int price) {
    return price / 2;
  }
}
