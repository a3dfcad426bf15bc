// Data that lives inside its lock: reachable only while the lock is held.
#pragma once

#include <mutex>
#include <utility>

namespace backstock {

template <class T>
class Guarded {
 public:
  class Held {
   public:
    T* operator->() { return value_; }
    T& operator*() { return *value_; }
    std::unique_lock<std::mutex>& lock() { return lock_; }  // to wait on a condition

   private:
    friend class Guarded;
    Held(std::mutex& mutex, T* value) : lock_(mutex), value_(value) {}
    std::unique_lock<std::mutex> lock_;
    T* value_;
  };

  template <class... Args>
  explicit Guarded(Args&&... args) : value_(std::forward<Args>(args)...) {}

  [[nodiscard]] Held lock() { return Held(mutex_, &value_); }

 private:
  std::mutex mutex_;
  T value_;
};

}  // namespace backstock
