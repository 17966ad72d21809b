def fill(n)
  n
end

def grind(n)
  n * 3
end
