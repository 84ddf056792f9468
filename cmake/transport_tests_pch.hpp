// Precompiled for the tests of layers that do I/O.
#pragma once
#include "asio_pch.hpp"
#include "tests_pch.hpp"
