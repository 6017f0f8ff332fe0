// UTF-8, character by character. Reading it is core's, which has to show text of others in its log.
#pragma once

#include <string>

#include "core/utf8.h"

namespace mullion::encoding {

using mullion::decode_utf8;
using mullion::Utf8Character;

// `code` must be a character: at most U+10FFFF and no surrogate.
void append_utf8(std::string& out, char32_t code);

}  // namespace mullion::encoding
