#include "app/run.h"

int main(int argc, char** argv) { return backstock::app::run(argc, argv); }
