import { Badge } from "./badge.jsx";

export function Greeting({ name }) {
  const text = "Hello " + name;
  return (
    <p className="greeting">
      <b>{text}</b>
    </p>
  );
}
