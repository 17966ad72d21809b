class Limits:
    size = 10

    def check(self, value):
        return value < self.size
