try:
    import fast
except ImportError:
    fast = None

if fast:
    def run(x):
        return fast.run(x, 1)
else:
    def run(x):
        return x + 1
