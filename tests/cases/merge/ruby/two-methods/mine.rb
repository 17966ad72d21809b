def fill(n)
  n + 1
end

def grind(n)
  n * 2
end
