#pragma once

#include "crypto/tests/certificates.h"

namespace mullion::net::testing {
using namespace crypto::testing;
}
