// A program whose dependency is updated: from lib1 to lib2, which makes a new call.
module example.com/app

go 1.25.0

require example.com/lib v1.0.0

replace example.com/lib => ./lib1
