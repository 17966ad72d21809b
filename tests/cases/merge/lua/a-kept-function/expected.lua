local function fill(n)
  return n
end

-- <pdd-keep id=clean>
local function clean() end
-- </pdd-keep>

local function grind(n)
  return n * 3
end
