class Outer:
    class Inner:
        def one(self):
            return 1

        def uno(self):
            return "1"

    def two(self):
        return 2
