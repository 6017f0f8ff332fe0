// The headers that cmake/mullion.cmake lists are read with this file's name.
