// Expected failures are values. A Result<T> holds a T or an Error and cannot be ignored.
#pragma once

#include <cassert>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "core/error.h"

namespace mullion {

template <class T>
class [[nodiscard]] Result {
public:
    using value_type = T;

    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit by design
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT
    template <class U>
    requires(std::is_constructible_v<T, U&&> && !std::is_same_v<std::remove_cvref_t<U>, Result> &&
             !std::is_same_v<std::remove_cvref_t<U>, Error> && !std::is_same_v<std::remove_cvref_t<U>, T> &&
             std::is_convertible_v<U&&, T>) Result(U&& value)
        : state_(std::in_place_index<0>, std::forward<U>(value)) {}  // NOLINT

    [[nodiscard]] bool ok() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return ok(); }

    // Calling the wrong one of these is a bug, not a failure: it asserts, and throws in release builds.
    [[nodiscard]] T& value() & { return std::get<0>(state_); }
    [[nodiscard]] const T& value() const& { return std::get<0>(state_); }
    [[nodiscard]] T&& value() && { return std::get<0>(std::move(state_)); }
    [[nodiscard]] Error& error() & { return std::get<1>(state_); }
    [[nodiscard]] const Error& error() const& { return std::get<1>(state_); }
    [[nodiscard]] Error&& error() && { return std::get<1>(std::move(state_)); }

    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

private:
    std::variant<T, Error> state_;
};

// A failure or nothing.
template <>
class [[nodiscard]] Result<void> {
public:
    using value_type = void;

    Result() = default;
    Result(Error error) : error_(std::move(error)) {}  // NOLINT: implicit by design

    [[nodiscard]] bool ok() const noexcept { return !error_.has_value(); }
    explicit operator bool() const noexcept { return ok(); }
    [[nodiscard]] Error& error() & { return error_.value(); }
    [[nodiscard]] const Error& error() const& { return error_.value(); }
    [[nodiscard]] Error&& error() && { return std::move(error_).value(); }

private:
    std::optional<Error> error_;
};

}  // namespace mullion

#define MULLION_CONCAT_INNER(a, b) a##b
#define MULLION_CONCAT(a, b) MULLION_CONCAT_INNER(a, b)

// TRY(expression): returns the error of a Result from the enclosing function, else drops the value.
#define MULLION_TRY(expression) MULLION_TRY_IMPL(return, MULLION_CONCAT(mullion_try_, __LINE__), expression)
#define MULLION_CO_TRY(expression) \
    MULLION_TRY_IMPL(co_return, MULLION_CONCAT(mullion_try_, __LINE__), expression)
#define MULLION_TRY_IMPL(leave, name, expression)      \
    do {                                               \
        auto name = (expression);                      \
        if (!name.ok()) leave std::move(name).error(); \
    } while (false)

// ASSIGN(declaration, expression): declares the value of a Result, or returns its error.
#define MULLION_ASSIGN(declaration, expression) \
    MULLION_ASSIGN_IMPL(return, MULLION_CONCAT(mullion_try_, __LINE__), declaration, expression)
#define MULLION_CO_ASSIGN(declaration, expression) \
    MULLION_ASSIGN_IMPL(co_return, MULLION_CONCAT(mullion_try_, __LINE__), declaration, expression)
#define MULLION_ASSIGN_IMPL(leave, name, declaration, expression) \
    auto name = (expression);                                     \
    if (!name.ok()) leave std::move(name).error();                \
    declaration = std::move(name).value()
