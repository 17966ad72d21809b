class Limits:
    size = 10
    depth = 3

    def check(self, value):
        return value < self.size
