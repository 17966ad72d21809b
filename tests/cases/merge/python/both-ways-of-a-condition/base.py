try:
    import fast
except ImportError:
    fast = None

if fast:
    def run(x):
        return fast.run(x)
else:
    def run(x):
        return x
