class Outer:
    class Inner:
        def one(self):
            return 1

        def une(self):
            return "I"

    def two(self):
        return 2
