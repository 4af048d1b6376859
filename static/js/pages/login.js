// The sign-in page: with an account, and where guests are let in, with a name alone.

import { enhance } from "../lib/form.js";

enhance(document.getElementById("login-form"), { fields: ["login", "password"], path: "/api/login", fallback: "password" });
const guest = document.getElementById("guest-form");
if (guest) enhance(guest, { fields: ["username"], path: "/api/guest", fallback: "username" });
