// The case that NTLM compares names in.
#pragma once

#include <string>

namespace mullion::ntlm {

// Upper case of each UTF-16LE unit by itself, as Windows does it: one unit for one, whatever the language.
// So ß stays, and a surrogate is no letter. The letters are those whose upper case has them as its lower case
// again, and the final sigma; the dotless i, the long s and the micro sign stay.
// pyspnego and gss-ntlmssp make SS of ß and I of ı: with such a name they do not agree with Windows either.
void to_upper_case(std::string& utf16_little);

}  // namespace mullion::ntlm
