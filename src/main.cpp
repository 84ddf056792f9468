#include "diamgw/app/command_line.hpp"

int main(int argc, char** argv) {
  return diamgw::app::run(argc, argv);
}
