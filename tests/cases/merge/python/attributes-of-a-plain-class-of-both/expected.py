class Limits:
    size = 10
    depth = 3
    width = 80

    def check(self, value):
        return value < self.size
