local function fill(n)
  return n
end

local function grind(n)
  return n * 2
end
