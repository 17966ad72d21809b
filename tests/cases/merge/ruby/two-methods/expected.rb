def fill(n)
  n + 1
end

def grind(n)
  n * 3
end
