// The compiled half of Asio and Beast (BOOST_ASIO_SEPARATE_COMPILATION): once, for every room.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
